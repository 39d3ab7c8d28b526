/** The part of npm `edifact` that the benchmark reads with; the package brings no types. */
declare module "edifact/parser.js" {
  export default class Parser {
    encoding(level: string): void;
    onopensegment: (tag: string) => void;
    onelement: () => void;
    oncomponent: (data: string) => void;
    onclosesegment: () => void;
    write(chunk: string): void;
  }
}
