export interface Heading {
  readonly level: number;
  readonly title: string;
  readonly anchor: string;
}
export function headingsOf(contents: string): readonly Heading[];
export function mendReferenceLinks(folder: string): void;
