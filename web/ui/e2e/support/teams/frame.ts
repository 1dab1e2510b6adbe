import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:https';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createHash, X509Certificate } from 'node:crypto';
import { join } from 'node:path';

/** The name of the function by which the host's page hands on what its pages say. */
export const ear = 'teamsHears';

/**
 * The page of the host: the tab in a frame, and an ear for it and for the
 * window that the host opens. It decides nothing; the test's host does.
 */
function hostPage(tab: string, origin: string): string {
  return `<!doctype html><html lang="en"><title>Teams</title>
<style>html, body, iframe { margin: 0; border: 0; width: 100%; height: 100%; display: block } iframe[hidden] { display: none }</style>
<iframe id="tab" title="app" src="${tab}" allow="clipboard-read *; clipboard-write *"></iframe>
<script>
  const frame = document.getElementById('tab');
  const pages = { tab: () => frame.contentWindow, window: () => opened };
  let opened = null;
  // A window closes itself soon after its last words, and whoever has gone speaks without a source.
  const isFarewell = ({ func }) => func === 'authentication.authenticate.success' || func === 'authentication.authenticate.failure';
  addEventListener('message', ({ source, origin, data }) => {
    if (origin !== '${origin}' || typeof data?.func !== 'string') return;
    // Of a page that has been loaded anew since nothing else counts: no answer would reach it.
    const from = source === null ? (isFarewell(data) ? 'window' : null) : Object.keys(pages).find((name) => pages[name]() === source);
    if (from) window.${ear}(from, data);
  });
  // Ends when everything has been heard that was said before.
  const listened = () =>
    new Promise((resolve) => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => setTimeout(resolve);
      port2.postMessage(null);
    });
  const say = (to, message) => pages[to]()?.postMessage(message, '${origin}');
  const openWindow = (url, width, height) => {
    opened = open(url, '_blank', 'popup,width=' + width + ',height=' + height);
    return opened !== null;
  };
</script></html>`;
}

/** Where a demo keeps its certificate and the key of that. */
export const certificateFiles = ['simulators-ca.pem', 'simulators-key.pem'] as const;

/** The certificate that the demo made when it started: good for the host's page, too. */
export async function certificateOf(data: string) {
  const [cert, key] = await Promise.all(certificateFiles.map((name) => readFile(join(data, name))));
  if (!cert || !key) throw new Error('the demo has no certificate');
  const spki = new X509Certificate(cert).publicKey.export({ type: 'spki', format: 'der' });
  return { cert, key, hash: createHash('sha256').update(spki).digest('base64') };
}

/** Serves the host's page on a port that the system chooses; `tab` is the frame's address. */
export async function serveHost(tls: { cert: Buffer; key: Buffer }, tab: string): Promise<{ server: Server; port: number }> {
  const server = createServer(tls, (_, response) => {
    response.setHeader('Content-Type', 'text/html; charset=utf-8');
    response.end(hostPage(tab, new URL(tab).origin));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, port: (server.address() as AddressInfo).port };
}
