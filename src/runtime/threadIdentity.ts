// Runtime: which thread this one really is. Taken early: a peer that is a thread is told to be the main one
// (symmetric/threadGuise.ts).

import * as workerThreads from "node:worker_threads";

export const isMainThread: boolean = workerThreads.isMainThread;

/** Node's own, in which asynchronous hooks of the user's for modules run. Left out by Nodes that preload nothing there. */
export const isInternalThread: boolean =
  (workerThreads as { readonly isInternalThread?: boolean }).isInternalThread === true;
