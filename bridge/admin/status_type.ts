/** What the status tells, on the admin port and the command line. */
export interface Status {
  environment: string | null;
  /** What is paused, why, and what mends it. */
  pauses: Array<{
    scope: string;
    connection: string;
    code: string;
    reason: string;
    hint: string | null;
    since: string;
  }>;
  /** Facts that are not in Odoo yet. */
  queue: Array<{ state: string; priority: string; count: number; oldest_seconds: number }>;
  /** Replies to partners that are not sent. */
  replies: Array<{ connection: string; state: string; count: number; oldest_seconds: number }>;
  dead_letters: Array<{ connection: string; stage: string; count: number; since: string }>;
  /** Messages in a version, or of parties, that are not known. */
  quarantine: Array<{ connection: string; count: number; since: string }>;
  /** Orders that were sent and whose next answer is overdue; as Odoo said last. */
  unanswered: Array<{ connection: string; count: number; since: string }>;
  /** Partners whose messages differ from what is usual of them; `first` says it of the greatest. */
  drift: Array<{ connection: string; count: number; since: string; first: string }>;
  /** Proofs behind a link that were given up. */
  proofs: Array<{ connection: string; count: number; since: string }>;
  /** Orders that partners show otherwise than Odoo believes. */
  differences: Array<{ connection: string; count: number; since: string }>;
  /** Messages that are stored and not read yet. */
  unread: number;
  /** The last copy of the store that was made and verified. */
  backup: { at: string } | null;
  /** Set from a restore until somebody says that what was missing is asked for. */
  restored: { at: string; copy_of: string } | null;
  /** What needs somebody: what, since when, what to do. */
  advice: Advice[];
}

export interface Advice {
  what: string;
  /** ISO instant; null when nobody knows. */
  since: string | null;
  todo: string;
}
