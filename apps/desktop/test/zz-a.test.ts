import { it } from 'vitest';
import { connectX11Input } from '../src/backends/input/x11/x11-input.js';
import { startXScreen } from './support/x-screen.js';
import { startTerminal, startWindowManager } from './support/x-terminal.js';
const run = async (wmOn: boolean) => {
  const screen = await startXScreen();
  const wm = await startWindowManager(screen.display);
  const terminal = await startTerminal(screen.display);
  if (!wmOn) await wm.stop();
    const input = await connectX11Input({ display: screen.display, onLost: () => console.log('LOST') });
   const text = Array.from({ length: 400 }, (_, i) => String.fromCodePoint(0x4e00 + i * 7)).join('');
   let bad = 0; let t = performance.now(); let lags: string[] = [];
   for (let r = 0; r < 4; r++) { input.text(text); await input.settled(); const t1=performance.now(); const g = [...await terminal.read(1200, 30000)]; lags.push((performance.now()-t1).toFixed(0)); [...text].forEach((c, i) => { if (g[i] !== c) { bad++; } }); }
   console.log('wm', wmOn, 'bad', bad, (performance.now() - t) / 1600, 'ms/char', lags.join(' '));
  await input.close(); await terminal.close(); await wm.stop(); await screen.stop();
};
it('a', () => run(false), 100_000);
it('b', () => run(true), 100_000);
it('c', () => run(false), 100_000);
it('d', () => run(true), 100_000);
