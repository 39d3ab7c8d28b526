/** What we use of npm `edifact` 1.2, which brings no types. */
declare module "edifact/parser.js" {
  interface Config {
    componentDataSeparator?: number;
    dataElementSeparator?: number;
    decimalMark?: number;
    releaseCharacter?: number;
    segmentTerminator?: number;
  }
  class Parser {
    static readonly states: { segment: number };
    constructor(validator?: undefined, config?: Config);
    state: number;
    readonly _tokenizer: { reset(): void };
    encoding(level: string): void;
    write(chunk: string): void;
    onopensegment: (tag: string) => void;
    onelement: () => void;
    oncomponent: (data: string) => void;
    onclosesegment: () => void;
  }
  export default Parser;
}
