import { MilepostError } from "../errors.ts";

/** A configuration that is refused; `path` is where, with dots. */
export function configError(message: string, path?: string, hint?: string): MilepostError {
  return new MilepostError(message, {
    code: "config_invalid",
    retry: "never",
    ...(path === undefined ? {} : { path }),
    ...(hint === undefined ? {} : { hint }),
  });
}
