/** What a live page may do. */
export interface LiveOptions {
  readonly title: string;
  readonly accountId: string;
  readonly isReadOnly: boolean;
  readonly hasSpeed: boolean;
}
