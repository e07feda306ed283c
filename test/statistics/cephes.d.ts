/** The package ships types that its `exports` do not lead to; these are the functions that the tests call. */
declare module "cephes" {
  export const compiled: Promise<unknown>;
  export function stdtri(degrees: number, p: number): number;
  export function ndtri(p: number): number;
  export function ndtr(x: number): number;
  export function incbi(a: number, b: number, p: number): number;
}
