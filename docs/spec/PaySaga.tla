------------------------------- MODULE PaySaga -------------------------------
(***************************************************************************)
(* Holdfast's pay saga: how its orchestrators and participants keep the     *)
(* promises of the design when messages come twice, late and out of order,  *)
(* processes die between commit and publish, and Redis forgets.             *)
(*                                                                         *)
(* The names are the code's. What each part models:                         *)
(*   Transition   services/orchestrator/src/engine/transition.ts            *)
(*   Definition   services/orchestrator/src/{engine/definition,sagas/pay}.ts*)
(*   Runner       services/orchestrator/src/{runner,api/start-saga}*.ts     *)
(*   Participants libs/shared/src/participant/{decide,inbox,participate}.ts *)
(*   Handlers     services/{reservation,balance,payment}/src/commands/*.ts  *)
(*                                                                         *)
(* README.md says what is left out, and why that hides nothing.             *)
(***************************************************************************)
EXTENDS Naturals, FiniteSets, TLC

CONSTANTS
  Sagas,          \* They all want to pay the same reservation, of one user.
  Instances,      \* Orchestrators.
  None,
  StepAttempts,   \* How often a step is sent before its outcome counts as unknown,
  UndoAttempts,   \* and a compensation before its saga is parked.
  Funds,          \* What the user has. The seat costs 1.
  Refusing,       \* Steps that may be refused for reasons that aren't modelled (a currency, an injected fault).
  Crashes,        \* Processes die between commit and publish.
  Racing,         \* Instances read a saga's row and write it in two steps, so that others come between.
  Pruning,        \* Services whose inbox forgets the sagas below the floor.
  Stopping,       \* Services of which an instance is stopped in mid-transaction, and no timeout ends that. See `StopWithin`.
  Broken          \* The rule that this model breaks, or "nothing".

VARIABLES
  \* The orchestrators' database, their memory, and Redis.
  row,            \* Each saga's row.
  number,         \* Its number, the fencing token; 0 before it is drawn.
  locks,          \* The sagas that have a row in table `lock` with the seat's key.
  loaded,         \* What each instance has read and not written yet.
  redis,          \* Whose value Redis has under the seat's key.
  \* Kafka: topics are never emptied, so whatever was sent once can arrive at any time, any number of times.
  commands,       \* <<saga, step, "do" or "undo">>
  replies,        \* <<saga, step, "do" or "undo", outcome>>
  events,         \* The sagas whose `payment.completed` was published.
  \* The participants' databases.
  inbox,          \* Of each saga and step: what is known of its action, and of its compensation.
  floor,          \* Of each service: sagas with a smaller number have ended.
  stopped,        \* The transaction that hangs half-way, if one does.
  balance,
  payment,        \* Of each saga.
  reservation,    \* [status, payingSaga, fence]; the seat is SOLD when it is PAID.
  \* Not in any database: what must never happen, once it has happened.
  oops

orchestration == <<row, number, locks, loaded, redis>>
kafka == <<commands, replies, events>>
participants == <<inbox, floor, stopped, balance, payment, reservation>>
vars == <<row, number, locks, loaded, redis, commands, replies, events, inbox, floor, stopped, balance, payment,
          reservation, oops>>

Kept(rule) == Broken # rule

(***************************************************************************)
(* Definition: sagas/pay.ts. `verify-token`, a claim like                   *)
(* `load-reservation`, is folded into it; `load-balance` only reads.        *)
(***************************************************************************)
Steps == {"load", "deduct", "create", "confirm"}
Position == [load |-> 1, deduct |-> 2, create |-> 3, confirm |-> 4]
StepAfter(step) == CHOOSE next \in Steps : Position[next] = Position[step] + 1
IsMain(step) == step # "load"
Pivot == "confirm"
ServiceOf == [load |-> "reservation", deduct |-> "balance", create |-> "payment", confirm |-> "reservation"]
Services == {"reservation", "balance", "payment"}

(***************************************************************************)
(* Transition: (row, input) -> row and commands to send, as in the code.    *)
(* `NoMove` is the code's `undefined`.                                      *)
(*                                                                         *)
(* One counter of attempts is enough: all steps that wait were sent         *)
(* together. A failure's step is known where it is asked for.               *)
(***************************************************************************)
Ended(r) == r.status \in {"COMPLETED", "COMPENSATED"}
Unfinished(r) == r.status \in {"RUNNING", "COMPENSATING", "PARKED"}
Waiting(r) == {step \in Steps : r.steps[step] \in {"SENT", "UNDOING"}}

NoMove == [moves |-> FALSE]
Moved(r, sends) == [moves |-> TRUE, row |-> r, sends |-> sends]
Mark(r, steps, status) == [r EXCEPT !.steps = [s \in Steps |-> IF s \in steps THEN status ELSE r.steps[s]]]

SendStep(r, step) ==
  Moved([Mark(r, {step}, "SENT") EXCEPT
           !.status = "RUNNING",
           !.attempts = IF r.steps[step] = "SENT" THEN r.attempts + 1 ELSE 1],
        {<<step, "do">>})

SendUndos(r, steps) ==
  Moved([Mark(r, steps, "UNDOING") EXCEPT
           !.status = "COMPENSATING",
           !.attempts = IF \A s \in steps : r.steps[s] = "UNDOING" THEN r.attempts + 1 ELSE 1],
        {<<step, "undo">> : step \in steps})

End(r, status) == Moved([r EXCEPT !.status = status, !.attempts = 0], {})

\* All main steps but the one that surely failed, and the claims made.
Compensate(r, failedAt) ==
  LET undone == {step \in Steps :
                   /\ r.steps[step] \notin {"REFUSED", "UNDONE"}
                   /\ IF IsMain(step) THEN IsMain(failedAt) ELSE Position[step] <= Position[failedAt]}
  IN IF undone = {} THEN End(r, "COMPENSATED") ELSE SendUndos(r, undone)

Fail(r, step, outcome) ==
  LET failed == Mark(r, {step}, outcome)
  IN \* Whether the pivot has run decides between completing and compensating, so that is settled first.
     IF step = Pivot /\ outcome = "UNKNOWN" /\ Kept("pivot settled first")
       THEN SendUndos(failed, {Pivot})
       ELSE Compensate(failed, step)

OnReply(r, replied, outcome) ==
  LET \* Eventuate Tram's mistake: whatever reply comes is taken as the current step's.
      step == IF Broken = "reply matched by step" /\ Waiting(r) # {} THEN CHOOSE s \in Waiting(r) : TRUE ELSE replied
  IN IF r.status # "RUNNING" \/ r.steps[step] # "SENT" THEN NoMove
     ELSE IF outcome = "refused" THEN Fail(r, step, "REFUSED")
     ELSE LET done == Mark(r, {step}, "DONE")
          IN IF step = Pivot THEN End(done, "COMPLETED") ELSE SendStep(done, StepAfter(step))

OnUndone(r, step, outcome) ==
  IF r.steps[step] # "UNDOING" \/ outcome = "refused" THEN NoMove
  ELSE IF r.status = "PARKED" /\ ~Kept("late acknowledgement") THEN NoMove
  ELSE IF outcome = "stands" THEN End(Mark(r, {step}, "DONE"), "COMPLETED")
  ELSE LET undone == Mark(r, {step}, "UNDONE")
       IN IF Waiting(undone) # {} THEN Moved(undone, {})
          ELSE IF step = Pivot THEN Compensate(undone, Pivot)
          ELSE End(undone, "COMPENSATED")

OnTimeout(r) ==
  IF r.status = "RUNNING"
    THEN LET step == CHOOSE s \in Steps : r.steps[s] = "SENT"
         IN IF r.attempts < StepAttempts THEN SendStep(r, step) ELSE Fail(r, step, "UNKNOWN")
  ELSE IF r.status = "COMPENSATING"
    THEN IF r.attempts < UndoAttempts
           THEN SendUndos(r, Waiting(r))
           ELSE Moved([r EXCEPT !.status = "PARKED", !.attempts = 0], {})
  ELSE NoMove   \* A parked saga waits for ever.

Inputs(s) == {<<"timeout">>} \cup {<<"reply", m[2], m[3], m[4]>> : m \in {m \in replies : m[1] = s}}

Transition(r, input) ==
  IF Ended(r) THEN NoMove
  ELSE IF input[1] = "timeout" THEN OnTimeout(r)
  ELSE IF input[3] = "do" THEN OnReply(r, input[2], input[4])
  ELSE OnUndone(r, input[2], input[4])

\* What is without an answer: sent again where nobody knows whether it was sent.
Unanswered(r) ==
  IF ~Unfinished(r) THEN {}
  ELSE LET action == IF r.status = "RUNNING" THEN "do" ELSE "undo" IN {<<step, action>> : step \in Waiting(r)}

(***************************************************************************)
(* Runner                                                                   *)
(***************************************************************************)
NewRow == [status |-> "NEW", steps |-> [s \in Steps |-> "PENDING"], attempts |-> 0, settled |-> FALSE, version |-> 0]

\* Whether a crash comes between a commit and what is published for it.
Crash == IF Crashes THEN BOOLEAN ELSE {FALSE}

Publish(s, sends, completed, crash) ==
  /\ commands' = IF crash THEN commands ELSE commands \cup {<<s, send[1], send[2]>> : send \in sends}
  /\ events' = IF crash \/ ~completed THEN events ELSE events \cup {s}

\* start-saga.ts, beginNew: Redis first, which turns rivals away before any work.
AcquireRedis(s) ==
  /\ row[s].status = "NEW"
  /\ redis = None
  /\ redis' = s
  /\ row' = [row EXCEPT ![s].status = "BEGINNING"]
  /\ UNCHANGED <<number, locks, loaded, kafka, participants, oops>>

\* store.ts, insertSagas: the lock's row, the number and the saga's row in one transaction.
InsertSaga(s) == \E crash \in Crash :
  /\ row[s].status = "BEGINNING"
  /\ locks = {} \/ ~Kept("durable lock")
  /\ LET begun == SendStep(row[s], "load")
     IN /\ row' = [row EXCEPT ![s] = begun.row]
        /\ Publish(s, begun.sends, FALSE, crash)
  /\ locks' = locks \cup {s}
  /\ number' = [number EXCEPT ![s] = 1 + Cardinality({t \in Sagas : number[t] > 0})]
  /\ UNCHANGED <<loaded, redis, replies, participants, oops>>

\* The durable lock is another's (Redis has forgotten it), or the process dies before the insert.
DontBegin(s) == \E crash \in Crash :
  /\ row[s].status = "BEGINNING"
  /\ crash \/ locks # {}
  /\ row' = [row EXCEPT ![s].status = "NEW"]
  /\ redis' = IF redis = s /\ ~crash THEN None ELSE redis
  /\ UNCHANGED <<number, locks, loaded, kafka, participants, oops>>

\* The lease runs out, or Redis is restarted, emptied, failed over.
RedisForgets ==
  /\ redis # None
  /\ redis' = None
  /\ UNCHANGED <<row, number, locks, loaded, kafka, participants, oops>>

\* locks.ts, extend: takes a lock anew that Redis has forgotten.
ExtendLease(s) ==
  /\ s \in locks
  /\ redis = None
  /\ redis' = s
  /\ UNCHANGED <<row, number, locks, loaded, kafka, participants, oops>>

\* The end of onReplies and of sweep: the row as it is now, the lock's row with it, then what goes out.
Write(i, s, moved, input) == \E crash \in Crash :
  LET written == IF Racing THEN [moved.row EXCEPT !.version = row[s].version + 1] ELSE moved.row
      releases == \/ Ended(written)
                  \/ ~Kept("lock until the compensations' end") /\ written.status = "COMPENSATING"
      premature == ~Kept("event after the end") /\ input = <<"reply", "create", "do", "done">>
  IN /\ row' = [row EXCEPT ![s] = written]
     /\ locks' = IF releases THEN locks \ {s} ELSE locks
     /\ redis' = IF releases /\ redis = s /\ ~crash THEN None ELSE redis
     /\ Publish(s, moved.sends, written.status = "COMPLETED" \/ premature, crash)
     /\ loaded' = [loaded EXCEPT ![i] = None]
     \* What has come or will come for an ended saga is dropped, so the model needn't keep it. See `Answer`.
     /\ replies' = IF Ended(written) /\ ~Racing THEN {m \in replies : m[1] # s} ELSE replies
     /\ UNCHANGED <<number, participants, oops>>

\* onReplies and sweep. Where instances don't race, reading and writing is one step: a write that compares the version
\* and fails changes nothing, and is tried again from the row as it is. Where they do, what was read may be stale.
Load(i, s) ==
  /\ Racing
  /\ loaded[i] = None
  /\ Unfinished(row[s])
  /\ loaded' = [loaded EXCEPT ![i] = [saga |-> s, row |-> row[s]]]
  /\ UNCHANGED <<row, number, locks, redis, kafka, participants, oops>>

SaveLoaded(i) ==
  /\ Racing
  /\ loaded[i] # None
  /\ LET s == loaded[i].saga
         sameVersion == row[s].version = loaded[i].row.version
     IN IF sameVersion \/ ~Kept("compare-and-set")
          THEN \E input \in Inputs(s) :
                 LET moved == Transition(loaded[i].row, input)
                 IN moved.moves /\ Write(i, s, moved, input)
          ELSE /\ loaded' = [loaded EXCEPT ![i] = None]
               /\ UNCHANGED <<row, number, locks, redis, kafka, participants, oops>>

Move(i, s, input) ==
  /\ ~Racing
  /\ LET moved == Transition(row[s], input)
     IN moved.moves /\ Write(i, s, moved, input)

\* A reply that moves the saga, and the sweep: the two inputs.
OnReplies(i, s) == \E input \in Inputs(s) \ {<<"timeout">>} : Move(i, s, input)
Sweep(i, s) == Kept("sweep") /\ Move(i, s, <<"timeout">>)

\* applyReplies, `movedBy`: the record that moved the saga last comes again, and all that may have been lost goes out.
\* That this takes any reply that the saga has had adds behaviours, and takes none away. Copies of what is out already
\* change nothing, and are left out, here and in `Handle`.
RepublishOnRedelivery(s) ==
  /\ \E step \in Steps : row[s].steps[step] \notin {"PENDING", "SENT"}
  /\ ~row[s].settled
  /\ \/ \E send \in Unanswered(row[s]) : <<s, send[1], send[2]>> \notin commands
     \/ row[s].status = "COMPLETED" /\ s \notin events
  /\ Publish(s, Unanswered(row[s]), row[s].status = "COMPLETED", FALSE)
  /\ UNCHANGED <<orchestration, replies, participants, oops>>

\* The sweep of ended sagas whose end isn't marked as published: publish (again), then mark.
SweepEnded(s) == \E crash \in Crash :
  /\ Ended(row[s])
  /\ ~row[s].settled
  /\ Kept("sweep of ends")
  /\ Publish(s, {}, row[s].status = "COMPLETED", FALSE)
  /\ row' = [row EXCEPT ![s].settled = ~crash]
  /\ UNCHANGED <<number, locks, loaded, redis, replies, participants, oops>>

\* Breaks "publish after commit": the outputs are out, and the process dies before the commit.
PublishBeforeCommit(s) ==
  /\ ~Kept("orchestrator publishes after commit")
  /\ \E input \in Inputs(s) :
       LET moved == Transition(row[s], input)
       IN moved.moves /\ Publish(s, moved.sends, moved.row.status = "COMPLETED", FALSE)
  /\ UNCHANGED <<orchestration, replies, participants, oops>>

(***************************************************************************)
(* Participants: decide.ts. A batch is a sequence of these steps, all of    *)
(* them in one transaction or none. A transaction is one step: of two       *)
(* instances with the same command, inbox_pkey lets one commit, and the     *)
(* other begins anew. (`StopWithin` is where that is not enough.)           *)
(***************************************************************************)
Unknown == "-"
NoRows == [step \in Steps |-> [do |-> Unknown, undo |-> Unknown]]
TheFence(s) == reservation.fence > number[s]

\* Why a handler refuses; the commands/*.ts of the three services, in their order.
MustRefuse(s, step) ==
  CASE step = "load"    -> \/ reservation.status # "TEMPORARY_HOLD"
                           \/ reservation.payingSaga # None
                           \/ TheFence(s) /\ Kept("fence")
    [] step = "deduct"  -> balance < 1
    [] step = "create"  -> \E t \in Sagas : payment[t] = "COMPLETED"
    [] step = "confirm" -> \/ TheFence(s) /\ Kept("fence")
                           \/ reservation.status # "TEMPORARY_HOLD"
                           \/ reservation.payingSaga # s

\* What an action changes.
Apply(s, step) ==
  /\ reservation' = CASE step = "load"    -> [reservation EXCEPT !.payingSaga = s, !.fence = number[s]]
                      [] step = "confirm" -> [reservation EXCEPT !.status = "PAID"]
                      [] OTHER            -> reservation
  /\ balance' = IF step = "deduct" THEN balance - 1 ELSE balance
  /\ payment' = IF step = "create" THEN [payment EXCEPT ![s] = "COMPLETED"] ELSE payment
  /\ oops' = oops
       \cup (IF inbox[s][step].undo # Unknown \/ Ended(row[s]) THEN {"an action ran after its compensation"} ELSE {})
       \cup (IF ServiceOf[step] = "reservation" /\ TheFence(s) THEN {"an older saga changed a later one's seat"} ELSE {})

\* What a compensation changes where the action is on record as done, and its effect.
Undo(s, step) ==
  /\ reservation' = IF step = "load" /\ reservation.status = "TEMPORARY_HOLD" /\ reservation.payingSaga = s
                      THEN [reservation EXCEPT !.payingSaga = None] ELSE reservation
  /\ balance' = IF step = "deduct" THEN balance + 1 ELSE balance
  /\ payment' = IF step = "create" THEN [payment EXCEPT ![s] = "CANCELLED"] ELSE payment
  /\ UNCHANGED oops
EffectOfUndo(step) == IF step = Pivot THEN "stands" ELSE "undone"

NothingChanges == UNCHANGED <<reservation, balance, payment, oops>>

\* An answer that nobody can use any more is left out: the transition drops whatever comes for an ended saga. (Where
\* instances race, one may still have read the row before its end.)
Answer(s, step, action, outcome, crash) ==
  replies' = IF crash \/ (Ended(row[s]) /\ ~Racing) THEN replies ELSE replies \cup {<<s, step, action, outcome>>}

Record(s, step, action, what) == inbox' = [inbox EXCEPT ![s][step][action] = what]

RunAction(s, step, crash) == \E anyhow \in IF step \in Refusing THEN BOOLEAN ELSE {FALSE} :
  LET outcome == IF anyhow \/ MustRefuse(s, step) THEN "refused" ELSE "done"
  IN /\ IF outcome = "done" THEN Apply(s, step) ELSE NothingChanges
     /\ IF Kept("inbox") THEN Record(s, step, "do", outcome) ELSE UNCHANGED inbox
     /\ Answer(s, step, "do", outcome, crash)

RunCompensation(s, step, crash) ==
  LET done == inbox[s][step].do = "done"
      effect == IF done THEN EffectOfUndo(step) ELSE "none"
      tombstone == IF inbox[s][step].do = Unknown /\ Kept("tombstone") THEN "tombstone" ELSE inbox[s][step].do
  IN /\ IF done THEN Undo(s, step) ELSE NothingChanges
     /\ inbox' = [inbox EXCEPT ![s][step] = [do |-> tombstone, undo |-> effect]]
     /\ Answer(s, step, "undo", effect, crash)

\* A command arrives: the first time, or again, or after its compensation, or after its saga was forgotten.
Handle(s, step, action, crash) ==
  /\ <<s, step, action>> \in commands
  /\ LET known == inbox[s][step][action]
     IN IF number[s] < floor[ServiceOf[step]] /\ Kept("floor")
          THEN ~Ended(row[s]) /\ Answer(s, step, action, "refused", crash) /\ NothingChanges /\ UNCHANGED inbox
        ELSE IF known = "tombstone"
          THEN FALSE   \* Nobody waits for this answer any more, and nothing changes.
        ELSE IF known # Unknown
          THEN /\ ~crash /\ (~Ended(row[s]) \/ Racing) /\ <<s, step, action, known>> \notin replies
               /\ Answer(s, step, action, known, crash) /\ NothingChanges /\ UNCHANGED inbox
        ELSE IF action = "do" THEN RunAction(s, step, crash)
        ELSE RunCompensation(s, step, crash)
  /\ UNCHANGED <<orchestration, commands, events, floor, stopped>>

Participate(s, step, action) == \E crash \in Crash : Handle(s, step, action, crash)

\* Breaks "publish after commit": the reply is out, and the transaction is rolled back.
AnswerBeforeCommit(s, step) ==
  /\ ~Kept("participant publishes after commit")
  /\ <<s, step, "do">> \in commands
  /\ inbox[s][step].do = Unknown
  /\ ~MustRefuse(s, step)
  /\ Answer(s, step, "do", "done", FALSE)
  /\ UNCHANGED <<orchestration, commands, events, participants, oops>>

\* expire-holds.ts: only a hold that nobody is paying.
ExpireHold ==
  /\ reservation.status = "TEMPORARY_HOLD"
  /\ reservation.payingSaga = None
  /\ reservation' = [reservation EXCEPT !.status = "EXPIRED"]
  /\ UNCHANGED <<orchestration, kafka, inbox, floor, stopped, balance, payment, oops>>

\* runner/floor.ts and inbox.ts, raiseFloor and pruneInbox in one: never above the oldest saga that isn't settled. The services hear of it
\* one by one. Numbers that are drawn but not committed are kept out by time (INBOX_RETENTION_MS).
RaiseFloor(service) ==
  /\ service \in Pruning
  /\ \E f \in 2..(Cardinality(Sagas) + 1) :
       /\ f > floor[service]
       /\ \A n \in 1..(f - 1) : \E s \in Sagas : number[s] = n /\ row[s].settled
       /\ floor' = [floor EXCEPT ![service] = f]
       /\ inbox' = [s \in Sagas |-> [step \in Steps |->
                     IF ServiceOf[step] = service /\ number[s] > 0 /\ number[s] < f
                       THEN [do |-> Unknown, undo |-> Unknown] ELSE inbox[s][step]]]
  /\ UNCHANGED <<orchestration, kafka, stopped, balance, payment, reservation, oops>>

(***************************************************************************)
(* A zombie that outlives the inbox' memory. An instance reads the inbox,   *)
(* finds its command fresh, and is stopped. The compensation is processed   *)
(* elsewhere, the saga ends, and the floor is raised and the tombstone      *)
(* pruned, before the instance goes on: no row stands in the way of its     *)
(* insert any more. At the seat, the fence is what is left to stop it.      *)
(*                                                                         *)
(* It can't happen while INBOX_RETENTION_MS (24 h) is longer than Postgres  *)
(* lets a transaction hang (connect.ts, 15 s), so the models of the         *)
(* protocol as it is leave it out.                                          *)
(***************************************************************************)
StopWithin(s, step) ==
  /\ stopped = None
  /\ ServiceOf[step] \in Stopping
  /\ <<s, step, "do">> \in commands
  /\ inbox[s][step].do = Unknown
  /\ number[s] >= floor[ServiceOf[step]]
  /\ stopped' = <<s, step>>
  /\ UNCHANGED <<orchestration, kafka, inbox, floor, balance, payment, reservation, oops>>

GoOn ==
  /\ stopped # None
  /\ stopped' = None
  /\ LET s == stopped[1]  step == stopped[2]
     IN IF inbox[s][step].do = Unknown
          THEN RunAction(s, step, FALSE)
          ELSE NothingChanges /\ UNCHANGED <<inbox, replies>>   \* inbox_pkey: done again, with the row to be seen.
  /\ UNCHANGED <<orchestration, commands, events, floor>>

-----------------------------------------------------------------------------
Init ==
  /\ row = [s \in Sagas |-> NewRow]
  /\ number = [s \in Sagas |-> 0]
  /\ locks = {}
  /\ loaded = [i \in Instances |-> None]
  /\ redis = None
  /\ commands = {} /\ replies = {} /\ events = {}
  /\ inbox = [s \in Sagas |-> NoRows]
  /\ floor = [service \in Services |-> 1]
  /\ stopped = None
  /\ balance = Funds
  /\ payment = [s \in Sagas |-> "-"]
  /\ reservation = [status |-> "TEMPORARY_HOLD", payingSaga |-> None, fence |-> 0]
  /\ oops = {}

Next ==
  \/ RedisForgets
  \/ ExpireHold
  \/ GoOn
  \/ \E service \in Services : RaiseFloor(service)
  \/ \E i \in Instances : SaveLoaded(i)
  \/ \E s \in Sagas :
       \/ AcquireRedis(s) \/ InsertSaga(s) \/ DontBegin(s) \/ ExtendLease(s)
       \/ RepublishOnRedelivery(s) \/ SweepEnded(s) \/ PublishBeforeCommit(s)
       \/ \E i \in Instances : Load(i, s) \/ OnReplies(i, s) \/ Sweep(i, s)
       \/ \E step \in Steps :
            \/ AnswerBeforeCommit(s, step) \/ StopWithin(s, step)
            \/ \E action \in {"do", "undo"} : Participate(s, step, action)

Spec == Init /\ [][Next]_vars

-----------------------------------------------------------------------------
(***************************************************************************)
(* The promises                                                             *)
(***************************************************************************)
TypeOK ==
  /\ \A s \in Sagas : row[s].status \in {"NEW", "BEGINNING", "RUNNING", "COMPENSATING", "PARKED", "COMPLETED",
                                          "COMPENSATED"}
  /\ \A s \in Sagas : \A step \in Steps :
       row[s].steps[step] \in {"PENDING", "SENT", "DONE", "REFUSED", "UNKNOWN", "UNDOING", "UNDONE"}
  /\ locks \subseteq Sagas /\ events \subseteq Sagas /\ redis \in Sagas \cup {None}
  /\ commands \subseteq Sagas \X Steps \X {"do", "undo"}
  /\ balance \in 0..Funds

Quiescent == \A s \in Sagas : ~Unfinished(row[s])
Completed == {s \in Sagas : row[s].status = "COMPLETED"}
Paid == {s \in Sagas : payment[s] = "COMPLETED"}

\* Promise 1. Nothing is lost at a quiescent point, and at no point is there more than was charged.
MoneyConserved ==
  /\ Quiescent => balance + Cardinality(Paid) = Funds
  /\ balance + Cardinality(Completed) <= Funds

\* Promise 2.
SeatSoldOnce == Cardinality(Completed) <= 1 /\ Cardinality(Paid) <= 1
SeatNeverGivenAway == Quiescent /\ reservation.status = "PAID" => Completed # {}

\* Promise 4. Also of a parked saga, and until the last compensation is acknowledged.
OneSagaOnTheSeat == Cardinality({s \in Sagas : Unfinished(row[s])}) <= 1
LockOutlivesTheWork == \A s \in Sagas : Unfinished(row[s]) => s \in locks

Effects(s) ==
  (IF payment[s] = "COMPLETED" THEN {"create"} ELSE {})
    \cup (IF reservation.payingSaga = s
            THEN {"load"} \cup (IF reservation.status = "PAID" THEN {"confirm"} ELSE {}) ELSE {})
    \cup (IF inbox[s]["deduct"].do = "done" /\ inbox[s]["deduct"].undo = Unknown THEN {"deduct"} ELSE {})

Forgotten(s, step) == number[s] < floor[ServiceOf[step]]

\* A compensated saga has left nothing behind,
CompensatedLeavesNothing == \A s \in Sagas : row[s].status = "COMPENSATED" => Effects(s) = {}

\* and nothing of it can happen any more, whatever is still on its way.
CompensatedForGood == \A s \in Sagas : row[s].status = "COMPENSATED" =>
  \A step \in Steps : <<s, step, "do">> \in commands =>
    Forgotten(s, step) \/ inbox[s][step].do # Unknown

\* The deduction is on record until the inbox forgets; then the money tells.
CompletedHasAll == \A s \in Sagas : row[s].status = "COMPLETED" =>
  /\ {"load", "create", "confirm"} \subseteq Effects(s)
  /\ "deduct" \in Effects(s) \/ Forgotten(s, "deduct")

\* medusa #15122.
EventOnlyAfterTheEnd == events \subseteq Completed

\* What an inbox has forgotten, no unfinished saga asks for.
FloorBelowTheLiving == \A s \in Sagas : Unfinished(row[s]) => \A step \in Steps : ~Forgotten(s, step)

NoHanging == "an action ran after its compensation" \notin oops
FencedOff == "an older saga changed a later one's seat" \notin oops

(***************************************************************************)
(* Promise 3, with the least that has to go on: the sweep runs, and what    *)
(* was published arrives, and is handled without a crash, in the end.       *)
(***************************************************************************)
Fairness ==
  \A s \in Sagas :
    /\ \A i \in Instances : WF_vars(Sweep(i, s)) /\ WF_vars(OnReplies(i, s))
    /\ WF_vars(SweepEnded(s) /\ row'[s].settled)
    /\ \A step \in Steps, action \in {"do", "undo"} : WF_vars(Handle(s, step, action, FALSE))
LiveSpec == Spec /\ Fairness

EndsOrIsParked == \A s \in Sagas : Unfinished(row[s]) ~> (Ended(row[s]) \/ row[s].status = "PARKED")
EndIsPublished == \A s \in Sagas : row[s].status = "COMPLETED" ~> s \in events
\* A parked saga whose compensations did go out is carried on by their acknowledgements, late as they are. (Not always to
\* its end: once the pivot is settled, the others' compensations follow, with a budget of their own.)
LateAcknowledgementCounts == \A s \in Sagas :
  (row[s].status = "PARKED" /\ \A step \in Waiting(row[s]) : <<s, step, "undo">> \in commands)
    ~> row[s].status # "PARKED"

(***************************************************************************)
(* What has to be reachable, for the promises to mean something: the models *)
(* in reached/ ask TLC for a way there.                                     *)
(***************************************************************************)
NeverParked == \A s \in Sagas : row[s].status # "PARKED"
NeverPaidAfterACompensation == ~\E s, t \in Sagas :
  row[s].status = "COMPENSATED" /\ row[t].status = "COMPLETED" /\ number[s] < number[t]
NeverCompletedByItsSettlement == \A s \in Sagas :
  row[s].status = "COMPLETED" => inbox[s][Pivot].undo # "stands"
NeverLateAndOutdated == \A s \in Sagas : \A step \in Steps :
  ~(<<s, step, "do">> \in commands /\ Forgotten(s, step) /\ row[s].status = "COMPENSATED" /\ Paid # {})

Symmetry == Permutations(Sagas)
==============================================================================
