import { chromium, type Browser, type LaunchOptions } from '@playwright/test';
import type { Server } from 'node:https';
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Demo } from '../demo';
import { Line } from '../line';
import { certificateFiles, certificateOf, serveHost } from './frame';

/** The product's address in these tests. */
export const app = 'https://desk.example.com';

/** Whoever shows the page in a frame. */
export type Frame = 'teams.microsoft.com' | 'teams.cloud.microsoft' | 'evil.example';

const frames: readonly Frame[] = ['teams.microsoft.com', 'teams.cloud.microsoft', 'evil.example'];

/**
 * A Chromium for which the names of Teams and of the product lead to this
 * machine. It serves one test after the other: what the product's name leads to
 * is the demo of the present one, and nothing of a test outlives it.
 */
export class TeamsChromium {
  private constructor(
    readonly browser: Browser,
    private readonly folder: string,
    private readonly line: Line,
    private readonly host: Server,
  ) {}

  static async launch(options: LaunchOptions): Promise<TeamsChromium> {
    const folder = await mkdtemp(join(tmpdir(), 'teamsbridge-certificate-'));
    await (await Demo.start(folder)).stop(); // which makes the certificate
    const certificate = await certificateOf(folder);
    const { server, port } = await serveHost(certificate, `${app}/`);
    const line = await Line.lay();
    const names = frames.map((name) => `MAP ${name}:443 127.0.0.1:${port}`);
    const rules = [...names, `MAP ${new URL(app).host}:443 ${new URL(line.url).host}`, 'MAP * ~NOTFOUND', 'EXCLUDE 127.0.0.1'];
    const args = [...(options.args ?? []), `--host-resolver-rules=${rules.join(', ')}`, `--ignore-certificate-errors-spki-list=${certificate.hash}`];
    return new TeamsChromium(await chromium.launch({ ...options, args }), folder, line, server);
  }

  /** Puts the certificate that this browser takes where a demo that is to start looks for its own. */
  async prepare(data: string): Promise<void> {
    await Promise.all(certificateFiles.map((name) => copyFile(join(this.folder, name), join(data, name))));
  }

  /** Leads the product's name to this demo. */
  leadTo({ secure }: Demo): void {
    this.line.to = Number(new URL(secure ?? '').port);
  }

  /** Closes every window with all that it keeps, and every connection. */
  async clear(): Promise<void> {
    for (const context of this.browser.contexts()) await context.close();
    this.host.closeAllConnections();
    this.line.cut();
    this.line.mend();
  }

  async close(): Promise<void> {
    await this.browser.close();
    this.host.closeAllConnections();
    this.host.close();
    this.line.close();
    await rm(this.folder, { recursive: true, force: true });
  }
}
