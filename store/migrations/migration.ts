/** One step of the schema. A released one never changes. */
export interface Migration {
  version: number;
  name: string;
  /** Statements, run in one transaction with the note that they ran. */
  statements: readonly string[];
}
