/** Config snapshots: what an agent was made of. */

/** The configuration an agent ran with. Immutable once stored. */
export interface ConfigSnapshot {
  schemaVersion: 1;
  snapshotId: string;
  agentName: string;
  agentVersion: string;
  model: string;
  modelParams: {
    temperature?: number;
    maxOutputTokens?: number;
    responseMimeType?: string;
  };
  prompts: Record<string, string>;
  responseSchemas?: Record<string, any>;
  store?: string;
  groundingConfig?: any;
  executionPlan?: any;
  tags: string[];
  source?: {
    gitSha?: string;
    deployedAt?: string;
    promptsPath?: string;
  };
  createdAt: Date;
}
