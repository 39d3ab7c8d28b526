/** The source `mapped` for those who work with partners' files: the book, trials, commands. */
export { mappingLabel } from "../sources/mapped/mapping.ts";
export { loadPartner, parsePartner, type Partner } from "../sources/mapped/partner_file.ts";
export { evaluate, mappedSource } from "../sources/mapped/source.ts";
