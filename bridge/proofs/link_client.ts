/**
 * Fetches the paper behind a link: https, listed hosts, a public address that is looked up once,
 * redirects under the same rules, bounds of size and time, a paper by its first bytes.
 */
import { readFileSync } from "node:fs";
import type { Dispatcher } from "undici";
import { type PaperType, paperTypeOf } from "../canonical/papers.ts";
import type { ProofLinksConfig } from "../config.ts";
import { MilepostError } from "../errors.ts";
import { networkFault, retryAfterMs } from "../network_fault.ts";
import type { ShownCredentials } from "../peer/credentials.ts";
import { type Door, guardedAgent } from "./guarded_agent.ts";
import { allowedUrl, linkError } from "./link_rules.ts";

const ACCEPT = { accept: "application/pdf, image/*", "accept-encoding": "identity" };
const MAX_REDIRECTS = 3;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);
/** The paper may come later: S3 answers 403 for what is not there yet, others 404. */
const LATER = new Set([403, 404, 408, 409, 423, 425, 429]);

export interface Paper {
  bytes: Buffer;
  mediaType: PaperType;
}

export interface LinkClientParts extends Door {
  config: ProofLinksConfig;
  /**
   * What shows our credentials to a URL; nothing where it is not the partner's own origin. With those
   * that were answered 401: newer ones, or nothing where these are never renewed.
   */
  credentials?: (url: URL, refused?: ShownCredentials) => Promise<ShownCredentials | undefined>;
  now: () => Date;
}

export class LinkClient {
  readonly #parts: LinkClientParts;
  readonly #ca: Buffer | undefined;

  constructor(parts: LinkClientParts) {
    this.#parts = parts;
    const file = parts.config.ca_file;
    this.#ca = file === undefined ? undefined : readFileSync(file);
  }

  /** Throws MilepostError with a code that begins with `link_`, and its retry decision. */
  async fetch(link: string, signal: AbortSignal): Promise<Paper> {
    const { config } = this.#parts;
    // One limit for all of it, so that neither drops nor redirects keep us for long.
    const either = AbortSignal.any([signal, AbortSignal.timeout(config.request_seconds * 1000)]);
    let url = allowedUrl(link, config.hosts);
    for (let hop = 0; hop <= MAX_REDIRECTS; hop += 1) {
      const next = await this.#hop(url, either, signal);
      if (!(next instanceof URL)) return next;
      url = next;
    }
    throw linkError("link_redirect", "never", `is redirected more than ${MAX_REDIRECTS} times`);
  }

  async #hop(url: URL, either: AbortSignal, signal: AbortSignal): Promise<Paper | URL> {
    const { request_seconds: seconds, max_bytes: maxBytes } = this.#parts.config;
    const tls = this.#ca === undefined ? {} : { ca: this.#ca };
    const agent = guardedAgent(this.#parts, { seconds, maxBytes, tls });
    try {
      const shown = await this.#parts.credentials?.(url);
      let answer = await asked(agent, url, shown, either);
      // A token that ended meanwhile is renewed at once, as it is for everything else that we ask for.
      const renewed =
        answer.statusCode === 401 && shown !== undefined
          ? await this.#parts.credentials?.(url, shown)
          : undefined;
      if (renewed !== undefined) {
        await answer.body.dump();
        answer = await asked(agent, url, renewed, either);
      }
      return await this.#read(url, answer, shown !== undefined);
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      if ((error as { code?: string }).code === "UND_ERR_RES_EXCEEDED_MAX_SIZE")
        throw this.#tooLarge();
      throw networkFault(error, "link", url.hostname);
    } finally {
      await agent.destroy();
    }
  }

  async #read(
    url: URL,
    { statusCode, headers, body }: Dispatcher.ResponseData,
    isShown: boolean,
  ): Promise<Paper | URL> {
    const header = (name: string) => headers[name]?.toString();
    if (REDIRECTS.has(statusCode))
      return allowedUrl(header("location") ?? "", this.#parts.config.hosts, url);
    if (statusCode !== 200) throw this.#refusal(statusCode, header("retry-after"), isShown);
    if (Number(header("content-length") ?? 0) > this.#parts.config.max_bytes)
      throw this.#tooLarge();
    const bytes = Buffer.from(await body.arrayBuffer());
    const mediaType = paperTypeOf(bytes);
    if (mediaType !== undefined) return { bytes, mediaType };
    const isPage = header("content-type")?.startsWith("text/html") === true || bytes.length === 0;
    // A page may say that the paper is being made; anything else stays what it is.
    throw linkError(
      "link_no_paper",
      isPage ? "later" : "never",
      isPage
        ? "leads to a web page, no paper"
        : "leads to what is neither PDF nor PNG, JPEG or TIFF",
    );
  }

  /** `isShown`: our credentials were, so that a 401 is about them and ends when they are renewed. */
  #refusal(status: number, retryAfter: string | undefined, isShown: boolean): MilepostError {
    if (status >= 500 || LATER.has(status) || (status === 401 && isShown)) {
      const wait = retryAfterMs(retryAfter, this.#parts.now());
      return linkError("link_failed", "later", `is answered ${status}`, undefined, undefined, wait);
    }
    return linkError("link_refused", "never", `is answered ${status}`);
  }

  #tooLarge(): MilepostError {
    const { max_bytes: most } = this.#parts.config;
    return linkError(
      "link_too_large",
      "never",
      `leads to more than ${most} bytes`,
      "see proof_links.max_bytes",
    );
  }
}

function asked(
  agent: Dispatcher,
  url: URL,
  shown: ShownCredentials | undefined,
  signal: AbortSignal,
): Promise<Dispatcher.ResponseData> {
  return agent.request({
    origin: url.origin,
    path: url.pathname + (shown?.search ?? url.search),
    method: "GET",
    headers: { ...ACCEPT, ...shown?.headers },
    signal,
  });
}
