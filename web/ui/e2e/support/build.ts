import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const repository = fileURLToPath(new URL('../../../..', import.meta.url));

/**
 * Builds the product once for all tests; the answer takes it away again. A
 * binary that TEAMSBRIDGE_BINARY names is tested as it is.
 */
export default function build(): () => void {
  if (process.env['TEAMSBRIDGE_BINARY'] !== undefined) return () => undefined;
  const folder = mkdtempSync(join(tmpdir(), 'teamsbridge-ui-e2e-'));
  const binary = join(folder, 'teamsbridge');
  execFileSync('go', ['build', '-o', binary, './cmd/teamsbridge'], { cwd: repository, stdio: 'inherit' });
  process.env['TEAMSBRIDGE_BINARY'] = binary; // workers inherit it
  return () => rmSync(folder, { recursive: true, force: true });
}
