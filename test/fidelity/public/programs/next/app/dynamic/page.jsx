import { headers } from "next/headers";
import { Suspense } from "react";

async function Late() {
  const answer = await fetch(`${process.env.UPSTREAM}/json`, {
    method: "POST",
    body: "{}",
    cache: "no-store",
  });
  const { list } = await answer.json();
  return (
    <ul>
      {list.map((item) => (
        <li key={item}>{item}</li>
      ))}
    </ul>
  );
}

export default async function Page({ searchParams }) {
  const { name } = await searchParams;
  const host = (await headers()).get("accept-language") ?? "none";
  return (
    <main>
      Hello {name} {host}
      <Suspense fallback={<p>waiting</p>}>
        <Late />
      </Suspense>
    </main>
  );
}
