/** What can change the speed of a server's time: a `RealtimeDriver` is one. */
export interface SpeedControl {
  /** Virtual ms for each real one; 0 stands still. */
  readonly speed: number;
  /** Sets the speed from now on. */
  setSpeed(speed: number): void;
}
