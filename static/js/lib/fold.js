/* Old state + a frame = new state. The same rules as the server's snapshot, so that page and database agree.

   state = { seq, staff_seq, state, closes_at, announcements: [{seq, text, at}], questions: {id: question},
             waiting: {id: question}, rejected: {id: question}, assigned: {id: speaker}, muted: {participant: until} }
   question = { question, text, nickname, topic, votes, at, answers: [{answer, text, speaker, at, edited}] } */

/** The state that a page starts from, of the server's snapshot. */
export function start(snapshot) {
  const { state, closes_at, seq, announcements, questions } = snapshot;
  const seen = { state, closes_at, seq, announcements, questions: keyed(questions) };
  if (!("staff_seq" in snapshot)) return seen;
  const { staff_seq, waiting, rejected, muted, assigned } = snapshot;
  return { ...seen, staff_seq, waiting: keyed(waiting), rejected: keyed(rejected), muted, assigned };
}

const keyed = (questions) => Object.fromEntries((questions ?? []).map((question) => [question.question, question]));

const without = (table, id) => {
  const { [id]: _gone, ...rest } = table ?? {};
  return rest;
};

const changed = (table, id, change) => (table?.[id] ? { ...table, [id]: { ...table[id], ...change } } : table);

/** A question leaves the queue: who had it keeps it. */
function decided(state, id) {
  if (!state.waiting) return {};
  const speaker = state.waiting[id]?.assigned;
  return {
    waiting: without(state.waiting, id),
    assigned: speaker ? { ...state.assigned, [id]: speaker } : state.assigned,
  };
}

function put(state, data, at) {
  const { question, text, nickname, topic } = data;
  const votes = data.votes ?? state.waiting?.[question]?.votes ?? 0;
  return { ...state.questions, [question]: { question, text, nickname, topic, votes, at, answers: [] } };
}

function answered(state, data, at) {
  const known = state.questions[data.question];
  const questions =
    !known && "question_text" in data ? put(state, { ...data, text: data.question_text }, at) : state.questions;
  const question = questions[data.question];
  if (!question) return state;
  const answer = { answer: data.answer, text: data.text, speaker: data.speaker, at, edited: false };
  const answers = [...question.answers.filter((other) => other.answer !== data.answer), answer];
  return { ...state, ...decided(state, data.question), questions: changed(questions, data.question, { answers }) };
}

const edited = (answers, data) =>
  answers.map((answer) => (answer.answer === data.answer ? { ...answer, text: data.text, edited: true } : answer));

const gone = (state, id) => ({
  ...state,
  ...(state.waiting && { waiting: without(state.waiting, id), assigned: without(state.assigned, id) }),
  questions: without(state.questions, id),
});

const everywhere = (state, id, change) => ({
  ...state,
  questions: changed(state.questions, id, change),
  ...(state.waiting && { waiting: changed(state.waiting, id, change) }),
});

/** The two streams catch up one after the other, so a question may be public before it is asked. */
const asked = (state, data, at) =>
  state.questions[data.question]
    ? state
    : { ...state, waiting: { ...state.waiting, [data.question]: { ...data, at, assigned: null, votes: 0 } } };

const KINDS = {
  "room.opened": (state, data) => ({ ...state, state: "open", closes_at: data.closes_at ?? state.closes_at }),
  "room.paused": (state) => ({ ...state, state: "paused" }),
  "room.closed": (state) => ({ ...state, state: "closed" }),
  announcement: (state, { text }, at, seq) => ({ ...state, announcements: [...state.announcements, { seq, text, at }] }),
  "question.published": (state, data, at) => {
    const known = state.questions[data.question];
    const questions = known ? state.questions : put(state, data, at);
    return { ...state, ...decided(state, data.question), questions };
  },
  "answer.published": answered,
  "answer.edited": (state, data) => {
    const question = state.questions[data.question];
    return question
      ? { ...state, questions: changed(state.questions, data.question, { answers: edited(question.answers, data) }) }
      : state;
  },
  "question.withdrawn": (state, { question }) => gone(state, question),
  "question.asked": asked,
  "question.assigned": (state, { question, speaker }) => {
    if (state.waiting[question]) return { ...state, waiting: changed(state.waiting, question, { assigned: speaker }) };
    return { ...state, assigned: { ...state.assigned, [question]: speaker } };
  },
  "question.tagged": (state, { question, topic }) => ({
    ...everywhere(state, question, { topic }),
    rejected: changed(state.rejected, question, { topic }),
  }),
  "question.merged": (state, { question, into, votes }) => everywhere(gone(state, question), into, { votes }),
  "question.rejected": (state, { question, reason }) => {
    const rejected = { ...state.rejected };
    if (state.waiting?.[question]) rejected[question] = { ...state.waiting[question], reason };
    return { ...state, waiting: without(state.waiting, question), rejected };
  },
  "participant.muted": (state, { participant, until }) => ({
    ...state,
    muted: { ...state.muted, [participant]: until },
  }),
};

/** The state after a frame; the very same object where the frame is old, or of a kind not known here. */
export function fold(state, frame) {
  if (frame.type === "tally") return tallied(state, frame.votes);
  if (frame.type !== "event") return state;
  const position = frame.stream === "staff" ? "staff_seq" : "seq";
  if (frame.seq <= state[position]) return state;
  const change = KINDS[frame.kind] ?? ((same) => same);
  return { ...change(state, frame.data, frame.at, frame.seq), [position]: frame.seq };
}

function tallied(state, votes) {
  let next = state;
  for (const [id, count] of Object.entries(votes)) {
    if (next.questions[id] && next.questions[id].votes !== count) next = everywhere(next, id, { votes: count });
  }
  return next;
}
