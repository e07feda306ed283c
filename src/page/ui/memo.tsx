import { Component, type ComponentType } from "preact";

/**
 * A component that is drawn again only when one of its properties is another value. Functions are left out: those of
 * this page mean the same each time.
 */
export function memo<P extends object>(Inner: ComponentType<P>): ComponentType<P> {
  return class Memo extends Component<P> {
    override shouldComponentUpdate(next: P): boolean {
      const before = this.props as P;
      for (const key of Object.keys({ ...before, ...next }) as (keyof P)[])
        if (before[key] !== next[key] && typeof next[key] !== "function") return true;
      return false;
    }

    override render() {
      return <Inner {...(this.props as P)} />;
    }
  };
}
