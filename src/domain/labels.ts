/** What can be called by a name of the simulation's own, beside what the API calls it. */
export interface LabelInput {
  /**
   * What identifies it in this simulation, unique in its account permanently: the same label is the same thing in every
   * fork, with the same draws. Without one its kind, its parent, its name and their number say what it is.
   */
  readonly label?: string;
}
