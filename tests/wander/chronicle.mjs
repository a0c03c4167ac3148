// What is done, a line a deed, as it happens.
export class Chronicle {
  constructor(aloud = true) {
    this.aloud = aloud;
    this.lines = [];
    this.began = performance.now();
  }

  tell(who, what) {
    const seconds = ((performance.now() - this.began) / 1000).toFixed(1).padStart(6);
    const line = `${seconds} s  ${who.padEnd(8)} ${what}`;
    this.lines.push(line);
    if (this.aloud) console.log(line);
  }

  last(count) {
    return this.lines.slice(-count);
  }
}
