// Runs tests one after the other and counts them.
export class Runner {
  passed = 0;
  failed = 0;

  constructor(filter) {
    this.filter = filter;
  }

  async test(name, run) {
    if (!name.includes(this.filter)) return;
    const began = performance.now();
    const took = () => `${((performance.now() - began) / 1000).toFixed(1)} s`;
    try {
      await run();
      this.passed++;
      console.log(`ok    ${name} (${took()})`);
    } catch (error) {
      this.failed++;
      const from = error.stack.split("\n").filter((line) => line.includes("/e2e/") && !line.includes("node_modules"));
      const text = [error.message, ...from.slice(0, 2)].join("\n");
      console.log(`FAIL  ${name} (${took()})\n${text.replace(/^/gm, "      ")}`);
    }
  }

  // prepare runs what tests need whose names are not known before. A word that has found its tests already has no need of
  // it, unless it names this group of tests.
  async prepare(group, name, run) {
    if (this.filter && !this.filter.startsWith(group) && this.passed + this.failed > 0) return;
    const { filter, passed } = this;
    this.filter = "";
    await this.test(name, run);
    this.filter = filter;
    if (filter) this.passed = passed;
  }

  // summary prints the last line and returns the exit code. A run without a test is a failed run.
  summary() {
    if (this.passed + this.failed === 0) console.log(`no test has ${JSON.stringify(this.filter)} in its name`);
    console.log(`${this.passed} passed, ${this.failed} failed`);
    return this.failed === 0 && this.passed > 0 ? 0 : 1;
  }
}

export function same(got, want, what) {
  if (got !== want) throw new Error(`${what}: got ${JSON.stringify(got)}, want ${JSON.stringify(want)}`);
}

export function has(text, part, what) {
  if (!text.includes(part)) throw new Error(`${what}: no ${JSON.stringify(part)} in ${JSON.stringify(text.slice(0, 600))}`);
}
