/**
 * Skips the suite in whose `describe` it is called if something is not there that its tests need, and says
 * which command gets it. With CI=true the suite fails instead, so that nothing stays untested unnoticed.
 */
export function needs(what: string, command: string, isThere: () => boolean): void {
  before(`needs ${what}`, function () {
    if (isThere()) return;
    if (process.env.CI === "true") throw new Error(`${what} is not there; get it by: ${command}`);
    console.log(`skipped ${this.test?.parent?.fullTitle()}: needs ${what}; get it by: ${command}`);
    this.skip();
  });
}
