import { finish } from "../collections/murmur3.js";

/** 128 bits, as four words. */
export type Words = readonly [number, number, number, number];

/** Words of a node, and numbers of a reference: the node that has it, its label, the node that it leads to. */
const width = 4;
const referenceWidth = 3;

/** Up to this many nodes are compared in pairs, which needs no memory. */
const few = 32;

/**
 * A hash of a graph that depends neither on the order of its nodes nor on that of its references: the sum of the hashes
 * of its connected parts, so that a change of one part changes one summand.
 *
 * Nodes are distinguished by what they hold, then repeatedly by their neighbours, until that distinguishes no more. Of
 * those that stay equal the first is then marked, which makes no difference where they are interchangeable, as replicas
 * of one source are. When no two are equal, the hash of a node contains everything that it is linked with. So graphs that
 * differ have different hashes, as far as 128 bits differ.
 *
 * One object serves for many graphs, one after the other.
 */
export class GraphHash {
  #nodes = 0;
  #references = 0;
  /** Words of nodes, and room for those of the next round. */
  #words = new Int32Array(few * width);
  #next = new Int32Array(few * width);
  /** From, label, to. */
  #links = new Int32Array(4 * few * referenceWidth);
  #roots = new Int32Array(few);
  /** Hashes the parts of a graph that is not connected. */
  #part: GraphHash | undefined;

  /** Begins another graph. */
  clear(): void {
    this.#nodes = 0;
    this.#references = 0;
  }

  /** Adds a node with what it holds itself; returns its number. */
  addNode(words: Words): number {
    const node = this.#nodes++;
    const place = node * width;
    if (place === this.#words.length) {
      this.#words = grown(this.#words);
      this.#next = new Int32Array(this.#words.length);
      this.#roots = new Int32Array(this.#words.length / width);
    }
    // By index: an iterator for each node costs more than its words.
    this.#words[place] = words[0];
    this.#words[place + 1] = words[1];
    this.#words[place + 2] = words[2];
    this.#words[place + 3] = words[3];
    return node;
  }

  /** Adds to what a node holds itself; the order of what is added does not count. */
  addWords(node: number, words: Words): void {
    for (let word = 0; word < width; word++) {
      const place = node * width + word;
      this.#words[place] = at(this.#words, place) + (words[word] ?? 0);
    }
  }

  /** Adds a reference. */
  addReference(from: number, label: number, to: number): void {
    const place = this.#references++ * referenceWidth;
    if (place === this.#links.length) this.#links = grown(this.#links);
    this.#links[place] = from;
    this.#links[place + 1] = label;
    this.#links[place + 2] = to;
  }

  /** The hash of the graph. */
  sum(): Words {
    const sum: [number, number, number, number] = [0, 0, 0, 0];
    const parts = this.#connect();
    if (parts === 1) this.#addTo(sum);
    else if (parts > 1) this.#addParts(sum);
    return sum;
  }

  /** Adds the hash of a connected graph. */
  #addTo(sum: [number, number, number, number]): void {
    let tied = this.#refine();
    // In a tree the neighbours distinguish all that is not interchangeable.
    if (tied >= 0 && !this.#isTree()) {
      for (let mark = 1; tied >= 0; mark++) {
        for (let word = 0; word < width; word++) {
          const place = tied * width + word;
          this.#words[place] = mixed(at(this.#words, place), mark, multipliers[word] ?? 1);
        }
        tied = this.#refine();
      }
    }
    for (let place = 0; place < this.#nodes * width; place += width) {
      sum[0] = (sum[0] + at(this.#words, place)) | 0;
      sum[1] = (sum[1] + at(this.#words, place + 1)) | 0;
      sum[2] = (sum[2] + at(this.#words, place + 2)) | 0;
      sum[3] = (sum[3] + at(this.#words, place + 3)) | 0;
    }
  }

  /**
   * Distinguishes nodes by their neighbours until that distinguishes no more. The last round distinguishes nothing: it
   * puts what was distinguished into the hash of each neighbour.
   * @returns the first of the least nodes that are equal, or -1
   */
  #refine(): number {
    let before = this.#classes().count;
    for (;;) {
      this.#round();
      const { count, tied } = this.#classes();
      if (count === before) return tied;
      before = count;
    }
  }

  /** Adds to each node what its neighbours are, in any order. */
  #round(): void {
    const words = this.#words;
    const next = this.#next;
    const links = this.#links;
    const size = this.#nodes * width;
    const end = this.#references * referenceWidth;
    next.fill(0, 0, size);
    for (let read = 0; read < end; read += referenceWidth) {
      const from = at(links, read) * width;
      const label = at(links, read + 1);
      const to = at(links, read + 2) * width;
      const back = ~label;
      next[from] = at(next, from) + mixed(at(words, to), label, first);
      next[from + 1] = at(next, from + 1) + mixed(at(words, to + 1), label, second);
      next[from + 2] = at(next, from + 2) + mixed(at(words, to + 2), label, third);
      next[from + 3] = at(next, from + 3) + mixed(at(words, to + 3), label, fourth);
      next[to] = at(next, to) + mixed(at(words, from), back, first);
      next[to + 1] = at(next, to + 1) + mixed(at(words, from + 1), back, second);
      next[to + 2] = at(next, to + 2) + mixed(at(words, from + 2), back, third);
      next[to + 3] = at(next, to + 3) + mixed(at(words, from + 3), back, fourth);
    }
    for (let node = 0; node < size; node += width) {
      const a = at(words, node);
      const b = at(words, node + 1);
      const c = at(words, node + 2);
      const d = at(words, node + 3);
      // Each word depends on every word of the node, so that the four together are one hash.
      const all = finish(
        a ^ Math.imul(b, 0x239b961b) ^ Math.imul(c, 0x38b34ae5) ^ Math.imul(d, 0xa1e38b93),
      );
      next[node] = mixed(a ^ all, at(next, node), first);
      next[node + 1] = mixed(b ^ all, at(next, node + 1), second);
      next[node + 2] = mixed(c ^ all, at(next, node + 2), third);
      next[node + 3] = mixed(d ^ all, at(next, node + 3), fourth);
    }
    this.#words = next;
    this.#next = words;
  }

  /** How many different nodes there are, and the first of the least that are equal; -1 where all differ. */
  #classes(): { readonly count: number; readonly tied: number } {
    return this.#nodes <= few ? this.#classesOfFew() : this.#classesOfMany();
  }

  #classesOfFew(): { readonly count: number; readonly tied: number } {
    const words = this.#words;
    let count = 0;
    let tied = -1;
    for (let node = 0; node < this.#nodes; node++) {
      const before = this.#firstEqual(words, node);
      if (before === node) count++;
      else if (tied < 0 || compared(words, before, tied) < 0) tied = before;
    }
    return { count, tied };
  }

  /** The first node that is equal to a node: `compared` gives 0. */
  #firstEqual(words: Int32Array, node: number): number {
    const end = node * width;
    const first = at(words, end);
    const second = at(words, end + 1);
    for (let place = 0; place < end; place += width) {
      if (at(words, place) === first && at(words, place + 1) === second) return place / width;
    }
    return node;
  }

  #classesOfMany(): { readonly count: number; readonly tied: number } {
    const words = this.#words;
    const order = Array.from({ length: this.#nodes }, (_, node) => node);
    order.sort((a, b) => compared(words, a, b) || a - b);
    let count = 0;
    let tied = -1;
    for (const [place, node] of order.entries()) {
      const before = order[place - 1];
      if (before === undefined || compared(words, before, node) !== 0) count++;
      else if (tied < 0) tied = before;
    }
    return { count, tied };
  }

  /** Whether a connected graph has no two ways between two nodes. */
  #isTree(): boolean {
    const pairs = new Set<number>();
    for (let place = 0; place < this.#references * referenceWidth; place += referenceWidth) {
      const from = at(this.#links, place);
      const to = at(this.#links, place + 2);
      if (from !== to) pairs.add(Math.min(from, to) * this.#nodes + Math.max(from, to));
    }
    return pairs.size === this.#nodes - 1;
  }

  /** Finds which nodes are connected; returns how many parts there are. */
  #connect(): number {
    const roots = this.#roots;
    let parts = this.#nodes;
    for (let node = 0; node < parts; node++) roots[node] = node;
    for (let place = 0; place < this.#references * referenceWidth; place += referenceWidth) {
      const from = rootOf(roots, at(this.#links, place));
      const to = rootOf(roots, at(this.#links, place + 2));
      if (from === to) continue;
      roots[from] = to;
      parts--;
    }
    return parts;
  }

  /** Adds the hashes of the parts. */
  #addParts(sum: [number, number, number, number]): void {
    const nodes = new Map<number, number[]>();
    const links = new Map<number, number[]>();
    for (let node = 0; node < this.#nodes; node++)
      listIn(nodes, rootOf(this.#roots, node)).push(node);
    for (let link = 0; link < this.#references; link++) {
      listIn(links, rootOf(this.#roots, at(this.#links, link * referenceWidth))).push(link);
    }
    const places = new Int32Array(this.#nodes);
    const part = (this.#part ??= new GraphHash());
    for (const [root, members] of nodes) {
      part.clear();
      for (const node of members) {
        const place = node * width;
        const words = this.#words;
        const own = [0, 1, 2, 3].map((word) => at(words, place + word));
        places[node] = part.addNode(own as unknown as Words);
      }
      for (const link of links.get(root) ?? []) {
        const place = link * referenceWidth;
        const from = at(places, at(this.#links, place));
        part.addReference(from, at(this.#links, place + 1), at(places, at(this.#links, place + 2)));
      }
      part.#addTo(sum);
    }
  }
}

const first = 0x85ebca6b;
const second = 0xc2b2ae35;
const third = 0x27d4eb2f;
const fourth = 0x165667b1;
const multipliers = [first, second, third, fourth] as const;

function mixed(color: number, label: number, multiplier: number): number {
  let hash = Math.imul(color ^ label ^ multiplier, multiplier) + label;
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  hash = Math.imul(hash ^ (hash >>> 12), 0x297a2d39);
  return hash ^ (hash >>> 15);
}

/** Orders two nodes by what they are. Two of the four words are enough to distinguish them. */
function compared(words: Int32Array, a: number, b: number): number {
  return (
    at(words, a * width) - at(words, b * width) ||
    at(words, a * width + 1) - at(words, b * width + 1)
  );
}

/** Finds what stands for the part of a node, and makes the way there shorter. */
function rootOf(roots: Int32Array, node: number): number {
  let here = node;
  while (at(roots, here) !== here) {
    roots[here] = at(roots, at(roots, here));
    here = at(roots, here);
  }
  return here;
}

function listIn(lists: Map<number, number[]>, key: number): number[] {
  const known = lists.get(key);
  if (known !== undefined) return known;
  const list: number[] = [];
  lists.set(key, list);
  return list;
}

function grown(array: Int32Array): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(2 * array.length);
  larger.set(array);
  return larger;
}

/** An element that is there. */
function at(array: Int32Array, place: number): number {
  return array[place] as number;
}
