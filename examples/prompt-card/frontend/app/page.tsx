import { Cards } from "./cards.tsx";

export default function Page() {
  return (
    <main>
      <h1>Prompt cards</h1>
      <Cards />
    </main>
  );
}
