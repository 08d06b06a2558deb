import { ok, voting } from "@updspace/kit/api.ts";
import type { WriteHeaders } from "@updspace/kit/queries.ts";
import { chosen, type Answers, type BallotQuestion } from "./ballot.ts";

/** Sends the whole ballot: its answers become my only votes in the poll, all or nothing. */
export function castBallot(poll: string, questions: readonly BallotQuestion[], answers: Answers, headers: WriteHeaders) {
  const given = questions.map((q) => ({ nomination_id: q.id, option_ids: [...chosen(answers, q)] })).filter((a) => a.option_ids.length > 0);
  const params = { path: { poll_id: poll } };
  return ok(voting.PUT("/api/v1/voting/polls/{poll_id}/ballot", { params, body: { answers: given }, headers }));
}
