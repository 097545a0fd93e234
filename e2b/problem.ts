/** Something that whoever starts the script can mend. It is told in its own words, without a stack trace. */
export class Problem extends Error {
  constructor(
    message: string,
    readonly exitCode: number = Problem.SETTINGS,
  ) {
    super(message);
  }

  /** The build itself went wrong. */
  static readonly BUILD = 1;
  /** The API key was refused; what the runner says of a refused token. */
  static readonly REFUSED = 77;
  /** A setting is wrong, or an input is missing; what the runner says of wrong settings. */
  static readonly SETTINGS = 78;
}
