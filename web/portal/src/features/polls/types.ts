import type { voting } from "@updspace/api";

type Schemas = voting.components["schemas"];

export type Poll = Schemas["Poll"];
export type PollInfo = Schemas["PollInfo"];
export type PollMeta = Schemas["PollMeta"];
export type MyPoll = Schemas["MyPoll"];
export type Question = Schemas["Nomination"];
export type Option = Schemas["Option"];
export type Vote = Schemas["Vote"];
export type Phase = Schemas["PollPhase"];
export type CannotVote = NonNullable<Schemas["CannotVote"]>;
export type Results = Schemas["PollResults"];
export type QuestionResult = Schemas["NominationResult"];
export type OptionResult = Schemas["OptionResult"];
export type Template = Schemas["Template"];
export type ResultsVisibility = Schemas["ResultsVisibility"];
export type Visibility = Poll["visibility"];
export type Kind = Schemas["NominationKind"];
export type Participant = Schemas["Participant"];
export type Invite = Schemas["MyInvite"];
export type Role = Schemas["ParticipantRole"];
export type ScopeType = Schemas["ScopeType"];
