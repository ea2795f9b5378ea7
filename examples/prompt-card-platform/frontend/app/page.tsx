// What browsers see is baked in: the address of the API is an argument of the build.
const api = process.env.NEXT_PUBLIC_API_URL;
const socket = process.env.NEXT_PUBLIC_WS_URL;

export default function Page() {
  return (
    <main>
      <h1>Prompt cards</h1>
      <p>
        Cards come from <code>{api}</code>, changes from <code>{socket}</code>.
      </p>
    </main>
  );
}
