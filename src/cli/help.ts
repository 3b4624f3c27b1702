// Command line: what `darcy --help` prints.

export const HELP = `Darcy shows which lines of a Node server cost data copies, context switches,
memory allocation and lock waits, per request, while it runs on symmetric workers.

  darcy record [options] -- COMMAND...
      Starts COMMAND, an unmodified Node server, measures it and prints a report.

      --workers N|auto       processes that listen; auto (default): one a processor
      --topology NAME        auto (default), reuse, handle, threads, rr or single
                             several (reuse,rr): the same load over each, in turn, and
                             a comparison; --rounds N (3), --format text|json|markdown, --out FILE
      --load PATH|URL        sends requests meanwhile; a path goes to the server's
                             first port, a URL must be on this machine
      --connections N        of the load (20)
      --rate N               requests a second of the load; default: all it can
      --method NAME          of the load's requests (GET)
      --reconnect            each of the load's requests on a connection of its own
      --warmup SECONDS       not measured; 2 with --load, else 0
      --duration SECONDS     10 with --load, else until Ctrl-C
      --only CATEGORIES      copies,switches,allocations,locks: those named; default: all
      --stacks N             a second, category and thread (50): with more of them lines
                             that share an operation are told apart sooner, at more cost
      --rests, --no-rests    whether by spells: the first minute of load, then 20 s in about
                             four minutes, and in between not at all. Default: all the time
                             with both --load and --duration, several topologies or
                             --deep-switches, else by spells
      --follow PERCENT       before Node 24: of the time in which requests are followed, for
                             costs by route and chains of copies (0); it makes promises dearer
      --deep-switches        context switches by function too, by perf (Linux, where the
                             kernel permits it); the server is slower meanwhile
      --out FILE.darcy       default: darcy-NAME-TIME.darcy in this folder
      --start-timeout SECONDS  how long the server may take until it listens (30)

  darcy attach [--workers N] [--topology NAME] [--duration SECONDS] [--only …] [--stacks N]
               [--rests|--no-rests] [--follow PERCENT] [--out FILE.darcy] [--env FILE]
      Starts nothing: prints the environment variables by which a server that something
      else starts on this machine (pm2, docker, systemd) joins, and records it until
      Ctrl-C, by spells (--rests) unless --no-rests is given. --env also writes them to
      FILE, a line each, as docker's --env-file reads them.

  darcy report FILE.darcy [--format text|json|markdown|html] [--top N] [--out FILE]
      Prints the report of a recording, or writes it to a file. As html it is the panel
      in one page that opens in any browser.

  darcy compare BEFORE.darcy AFTER.darcy [--format text|json|markdown|html] [--top N] [--out FILE]
      Holds a recording against an earlier one, a request against a request. As html it
      is the comparison's view in one page that opens in any browser.

  darcy check FILE.darcy --budget FILE [--format text|json]
      Exit code 1 when a request costs more than the budget allows. A budget:
      { "schema": "darcy-budget/1", "most": { "copies": "64 KB", "handOffs": 2 } }

  darcy export FILE.darcy --format pprof|speedscope|heapprofile|collapsed [--out FILE]
      Writes it for other tools; --out - writes to stdout.

  darcy mcp [--allow-record]
      Serves hotspots, explanations and comparisons to language models (Model Context
      Protocol over stdio); with --allow-record also recording, which runs commands.

  darcy --help, darcy --version

The report goes to stdout, everything else to stderr; the server keeps its own.
NO_COLOR is respected.

Exit codes
  0    done
  1    it failed, with the reason on stderr: the server did not start, no request
       was completed while measuring, a file could not be read or written;
       of check: a limit is broken
  2    the words make no command
  3    the server died while it was recorded, by a signal or with a code other than 0:
       report and file hold what it did before
  130  interrupted before there was anything to report
`;
