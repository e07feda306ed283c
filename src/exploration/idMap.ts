import { isList, isRecord } from "../model/schema/plainData.js";
import type { ApiRequest } from "./apiRequest.js";

/** Which id of the service stands for which id of the model: one for one. */
export class IdMap {
  readonly #byModel = new Map<string, string>();
  readonly #byService = new Map<string, string>();

  /** The id of the service; undefined where none is known yet. */
  get(modelId: string): string | undefined {
    return this.#byModel.get(modelId);
  }

  /** Those ids of the model whose counterparts are known. */
  of(modelIds: readonly string[]): readonly string[] {
    return modelIds.filter((id) => this.#byModel.has(id));
  }

  /** Whether two ids stand for each other; two that were never seen do from now on. */
  matches(modelId: string, serviceId: string): boolean {
    const known = this.#byModel.get(modelId);
    if (known !== undefined) return known === serviceId;
    if (this.#byService.has(serviceId)) return false;
    this.#byModel.set(modelId, serviceId);
    this.#byService.set(serviceId, modelId);
    return true;
  }

  /** A request to the model as one to the service. */
  translated({ method, path, body }: ApiRequest): ApiRequest {
    const segments = path.split("/").map((segment) => this.get(segment) ?? segment);
    const request = { method, path: segments.join("/") };
    return body === undefined ? request : { ...request, body: this.#translatedValue(body) };
  }

  #translatedValue(value: unknown): unknown {
    if (typeof value === "string") return this.get(value) ?? value;
    if (isList(value)) return value.map((item) => this.#translatedValue(item));
    if (!isRecord(value)) return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, member]) => [name, this.#translatedValue(member)]),
    );
  }
}
