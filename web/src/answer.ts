/** SPARQL 1.1 Query Results JSON, with the member `cite` that a service which cites adds. */

export interface Term { type: string; value: string; datatype?: string; "xml:lang"?: string }
export type Row = Record<string, Term | undefined>;

export interface Citation {
  source: string;
  passage: string;
  stance?: string;
  method?: string;
  rule?: string;
  precision?: { found: number; right: number; share: number };
}
export interface CitedFact { fact: string; verdict: string; subject: Term; predicate: Term; object: Term; citations: Citation[] }
export interface CitedPassage { label?: string; digest?: string; quote?: string }

/** Rows point at facts by their place, facts at passages by IRI. */
export interface Cite {
  rows: { witnesses: number[][]; capped?: boolean }[];
  facts: CitedFact[];
  passages: Record<string, CitedPassage>;
  notes?: Record<string, string>;
  reason?: string;
  permalink?: { query: string; build: string; sha256: string };
  bibliography?: { bibtex?: string; csl?: unknown[] };
}

export interface Answer {
  head: { vars?: string[] };
  results?: { bindings: Row[] };
  boolean?: boolean;
  cite?: Cite;
}

const NUMBERS = /#(integer|decimal|double|float|int|long|short|nonNegativeInteger)$/;
const DATES = /#(date|dateTime|gYear)$|edtf\/EDTF$/;

export function isNumber(term: Term | undefined): boolean {
  return !!term?.datatype && NUMBERS.test(term.datatype);
}

/** The span of days that a date can mean, as years with fractions; null where the text is no plain date. */
export function span(term: Term | undefined): [number, number] | null {
  if (!term?.datatype || !DATES.test(term.datatype)) return null;
  const [from, to] = term.value.split("/");
  const one = years(from);
  const other = to === undefined ? one : years(to);
  return one && other ? [one[0], other[1]] : null;
}

function years(text: string | undefined): [number, number] | null {
  const found = /^(\d{4})(?:-(\d\d))?(?:-(\d\d))?/.exec(text ?? "");
  if (!found) return null;
  const year = Number(found[1]);
  if (!found[2]) return [year, year + 1];
  const month = (Number(found[2]) - 1) / 12;
  if (!found[3]) return [year + month, year + month + 1 / 12];
  const day = year + month + (Number(found[3]) - 1) / 366;
  return [day, day + 1 / 366];
}

/** The names of the columns that hold something of a kind in most rows. */
export function columnsWhere(answer: Answer, fits: (term: Term | undefined) => boolean): string[] {
  const rows = answer.results?.bindings ?? [];
  return (answer.head.vars ?? []).filter((name) => {
    const bound = rows.filter((row) => row[name]);
    return bound.length > 0 && bound.filter((row) => fits(row[name])).length >= bound.length * 0.7;
  });
}
