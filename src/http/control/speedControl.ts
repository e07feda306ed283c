/** Control of the speed of virtual time: a `RealtimeDriver` implements it. */
export interface SpeedControl {
  /** Virtual ms per real ms; 0 pauses time. */
  readonly speed: number;
  /** Sets the speed from now on. */
  setSpeed(speed: number): void;
}
