/** One tenant's documents in a store: what the methods that write and read documents go through. */
import type { BatchReceipt } from '../index.js';
import type { Core } from './core.js';
import type { Operation } from './write/operation.js';

export class View {
  readonly core: Core;
  /** `''` for what names no tenant. */
  readonly tenantId: string;

  constructor(core: Core, tenantId: string) {
    this.core = core;
    this.tenantId = tenantId;
  }

  /** As {@link Core.write}. */
  write<Receipt = void>(
    operation: Operation,
    document: unknown,
    ids?: readonly unknown[],
    options?: unknown,
  ): Promise<Receipt> {
    return this.core.write<Receipt>(this.tenantId, operation, document, ids, options);
  }

  /** As {@link Core.writeBatch}. */
  writeBatch<Receipt>(
    method: 'batchCreate' | 'addLinks',
    lists: object,
    told: (receipts: BatchReceipt) => Receipt,
  ): Promise<Receipt> {
    return this.core.writeBatch(this.tenantId, method, lists, told);
  }

  /** As {@link Core.ask}, of this tenant's documents. */
  ask<Part extends object>(method: string, query: () => object): Promise<Iterable<Part> | undefined> {
    return this.core.ask<Part>(method, () => ({ ...query(), tenant: this.tenantId }));
  }
}
