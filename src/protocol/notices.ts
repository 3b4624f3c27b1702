// Leaf: the sentences of notices, and phrases that stand in them. `{0}`, `{1}` are what is known only where they are made:
// there they are filled in, and that is what the wire and files carry. Who shows them in another language finds them again.

export const NOTICES = {
  // What several workers change.
  removedSocket:
    "The server removes the Unix socket {0} before it listens on it: of several workers only the last one started serves it.",
  pipe: "The server listens on the Unix socket or pipe {0}, which several workers can't share: one worker serves it.",
  development:
    "This is a development server, which compiles into a folder that only one process may use: it runs with one worker. Record the production server to see it on several.",
  cluster: "The server runs a cluster of its own: its workers are measured, none are added.",
  taken: "The server on port {0} was there first and has the workers: the one on port {1} runs with one.",
  notStarted: "The other workers could not be started: {0}.",
  timer:
    "The timer that repeats every {0} s (set at {1}) runs in each of the {2} workers. Where that must not be, record with one worker.",
  jobs: "Jobs that are scheduled by {0} run in each of the {1} workers. Where that must not be, record with one worker.",
  sessions:
    "Sessions are kept in each worker's own memory (express-session's MemoryStore): a client's next connection may reach one of {0} workers that does not know its session. Use a shared store, or record with one worker.",
  polling:
    "Clients of socket.io poll: their requests may reach several of the {0} workers, of which one alone knows them. Let them connect by WebSocket only, or record with one worker.",
  webSockets:
    "WebSocket clients are spread over {0} workers: what the server sends to several of them by what it keeps in memory reaches those of one worker alone. Where that must not be, record with one worker.",
  inThread: "{0} in a worker thread. Run the server in the topology auto, whose workers are processes.",
  notPossible: "process.{0} is not possible",
  addOn: "The add-on {0} can't be loaded a second time",
  topology: '{0}: the workers run in the topology "{1}".',
  handlesOnWindows: "Handles can't be shared on Windows",
  noFileToRun: "Worker threads need a file to run, and this program has none",
  noReusePort: "Node {0} on {1} can't share a port with SO_REUSEPORT",
  // Workers that end.
  crashLoop:
    "Worker {0} ended {1} times right after its start (the last time it {2}) and is not started again; the server runs with fewer workers. Its own output may say why. A server that can run only once, as for a UDP port or a lock file, is recorded with one worker.",
  workerEnded: "Worker {0} ({1}) {2}; another takes its place.",
  serverEnded: "The server {0} while it was recorded. Its own output says why.",
  loadNot2xx: "Of {0} answers to the load ({1}), {2} were not 2xx: figures a request are of all of them.",
  aThread: "a thread",
  aProcess: "process {0}",
  bySignal: "was ended by {0}",
  byError: "was ended by an error that nobody caught ({0})",
  byCode: "ended with code {0}",
  notStartable: "could not be started",
  // What is not measured, or not whole.
  fullTime: "{0}: what an inlined function allocates is charged to the function that it was inlined into.",
  windowsOff: "Windows without inlining are turned off",
  coverage: "The process collects code coverage, which a window without inlining would end",
  otherSampler: "Another tool samples this heap: allocation by function is not measured while it does.",
  noInspector: "Allocation by function is not measured, for Node's inspector can't be used: {0}",
  unknownLibrary: "Waits for {0} are not measured: this version of it is not known.",
  pLimitModule:
    "Waits for p-limit as an ES module are not measured by this Node; 22.22.3, 24.11.1, 25.1 and later can.",
  undiciPrints: "NODE_DEBUG makes undici print.",
  noTurns: "This Node does not tell the turns of its event loop.",
  noPromiseHooks: "This Node has no promise hooks.",
  promisesBefore24:
    "Before Node 24, waits for locks that Darcy does not know by name are not looked for: to follow every promise makes a server slow there.",
  switchesOnLinux:
    "Context switches by thread are not known on {0}: only Linux counts them where a process can read them.",
  fileJobs: "Waits of file system jobs for libuv's thread pool are not known: {0}.",
  probeOff: 'The probe "{0}" failed three times and was turned off in process {1}.',
  replaced:
    "The program replaced {0} while it was not measured: its calls are no more counted in process {1}. --no-rests measures all the time.",
  later: "{0}: the later ones are not measured, and figures a request leave them out.",
  manyThreads: "More than {0} threads are connected at once",
  manyCame: "More than {0} processes and threads have come",
  clockSet:
    "The clock was set before process {0} started, by {1} s: what it measures is placed by when it comes.",
  notMeasured: "Process {0} is not measured any more: {1}. Figures a request leave it out.",
  notCalibrated: "This machine could not be calibrated ({0}), so there are no microseconds a request.",
  optionsMissed:
    'NODE_OPTIONS of the file that --env-file names are not applied ("{0}"): Node takes them only where the environment has none, and Darcy\'s are there. Set them in the environment of the command, or give them to node itself.',
} as const;
