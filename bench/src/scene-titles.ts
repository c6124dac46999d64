/** The scenes, by the names that the command line knows, with their titles. */
export const SCENE_TITLES = {
  viewRows: 'View rows',
  streamMemory: 'Memory while 1 GB of view rows is streamed',
  startUp: 'Import and first operation',
  heldMemory: 'Memory held by 10,000 operations in flight',
  fewFromDisk: 'Gets from disk, 64 in flight',
  manyFromDisk: 'Gets from disk, 256 in flight',
  majority: 'Durable upserts, majority',
  persist: 'Durable upserts, persisted',
  besideDurable: 'Gets next to durable upserts',
  manyDurable: 'Durable upserts next to gets',
  frozenReplica: 'Gets while a durable upsert waits for a frozen replica',
  busyServer: 'How late deadlines are in a busy web server',
  longTurns: 'How late deadlines are while every turn takes 60 ms',
  afterBlock: 'Answers lost while the event loop is blocked',
  pendingVbucket: 'Gets while a get waits for a pending vbucket',
} as const;

export type SceneName = keyof typeof SCENE_TITLES;

export const SCENE_NAMES = Object.keys(SCENE_TITLES) as SceneName[];
