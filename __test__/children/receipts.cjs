// An addon whose every write answers its place in its batch: no method of the contract has a receipt.
class NativeStore {
  #settled = [];
  #tickets = 0;
  write(buffer, length) {
    this.#tickets += 1;
    const receipts = [];
    for (let at = 12; at < length; at += 9 + buffer.readUInt32LE(at))
      receipts.push([this.#tickets, receipts.length, { version: receipts.length + 1 }]);
    this.#settled.push({ done: [this.#tickets], failed: [], receipts });
    return this.#tickets;
  }
  async settled() {}
  poll() {
    const next = this.#settled.shift();
    return next === undefined ? '' : JSON.stringify(next);
  }
  cancelJobs() {}
  drain() {
    return true;
  }
  async close() {
    return '';
  }
}

module.exports = { NativeStore };
