export default function Page() {
  return <h1>Ahead of time</h1>;
}
