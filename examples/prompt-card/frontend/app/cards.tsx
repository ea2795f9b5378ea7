"use client";

import { useEffect, useState } from "react";
import { type Card, load, run } from "../lib/cards.ts";

export function Cards() {
  const [cards, setCards] = useState<Card[]>([]);
  const [answers, setAnswers] = useState<Record<number, string>>({});
  const [problem, setProblem] = useState("");
  const told = (error: unknown) => setProblem(error instanceof Error ? error.message : String(error));

  useEffect(() => {
    load().then(setCards, told);
  }, []);

  const show = (id: number) => run(id).then((answer) => setAnswers((known) => ({ ...known, [id]: answer })), told);

  return (
    <>
      {problem && <p role="alert">{problem}</p>}
      <ul>
        {cards.map((card) => (
          <li key={card.id}>
            <button type="button" onClick={() => show(card.id)}>
              {card.title}
            </button>
            <p>{answers[card.id] ?? card.prompt}</p>
          </li>
        ))}
      </ul>
    </>
  );
}
