/** Resources that can have a label inside the simulation, besides the name in the API. */
export interface LabelInput {
  /**
   * Identifies the resource in this simulation, unique in its account permanently: the same label is the same resource
   * in every fork, with the same draws. Without a label its kind, parent, name and number identify it.
   */
  readonly label?: string;
}
