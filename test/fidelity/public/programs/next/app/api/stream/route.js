export const dynamic = "force-dynamic";

export function GET() {
  let at = 0;
  const body = new ReadableStream({
    async pull(controller) {
      await new Promise((resolve) => setTimeout(resolve, 1));
      controller.enqueue(new TextEncoder().encode(`piece ${at}\n`));
      if (++at === 10) controller.close();
    },
  });
  return new Response(body, { headers: { "Content-Type": "text/plain" } });
}
