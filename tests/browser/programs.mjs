// Programs that a test starts, waits for and ends.

import { spawn } from 'node:child_process';

export class Programs {
  #running = new Set();
  #log = '';
  #killAll = () => this.#running.forEach(({ child }) => child.kill());

  constructor() {
    // Whoever interrupts the tests leaves no server behind.
    process.once('exit', this.#killAll);
  }

  log() {
    return this.#log;
  }

  count() {
    return this.#running.size;
  }

  /** Starts a program; it is there when it writes what `ready` says. The result ends it. */
  async start(program, args, { cwd, env, ready }) {
    const child = spawn(program, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    const exit = new Promise((resolve) => {
      child.once('error', (error) => resolve((this.#log += error)));
      child.once('exit', resolve);
    });
    const entry = { child, exit };
    this.#running.add(entry);
    exit.then(() => this.#running.delete(entry));
    const isReady = new Promise((resolve) => {
      for (const stream of [child.stdout, child.stderr]) {
        stream.on('data', (text) => {
          this.#log += text;
          if (ready.test(text)) resolve(true);
        });
      }
    });
    if ((await Promise.race([isReady, exit])) !== true) {
      throw new Error(`${program} ended:\n${this.#log}`);
    }
    return async () => {
      child.kill();
      await exit;
    };
  }

  async stop() {
    const ends = [...this.#running].map(({ exit }) => exit);
    this.#killAll();
    await Promise.all(ends);
    process.off('exit', this.#killAll);
  }
}
