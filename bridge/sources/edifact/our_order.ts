/** The message in which our orders leave. */
export const ORDERS = "IFTMIN";
