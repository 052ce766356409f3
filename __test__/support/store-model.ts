/** What a store of several tenants must answer: each of them is a model of its own. */
import { Model, type Answer, type Call } from './model.js';

export class StoreModel {
  readonly #tenants = new Map<string, Model>();

  answer({ tenant, method, args }: Call): Answer {
    if (method === 'listTenants') return { value: { tenants: this.#list(), hasMore: false } };
    return this.#of(tenant).answer(method, args);
  }

  #of(tenant: string): Model {
    const known = this.#tenants.get(tenant) ?? new Model();
    this.#tenants.set(tenant, known);
    return known;
  }

  /** In the order of their code units, which for the names in use is that of their bytes. */
  #list(): unknown[] {
    const tenants = [...this.#tenants].map(([tenantId, model]) => ({ tenantId, counts: model.counts() }));
    const found = tenants.filter(({ counts }) => Object.values(counts).some((count) => count > 0));
    return found.toSorted((a, b) => (a.tenantId < b.tenantId ? -1 : 1));
  }
}
