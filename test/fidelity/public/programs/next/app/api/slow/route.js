export const dynamic = "force-dynamic";

export function GET() {
  const body = new ReadableStream({
    async start(controller) {
      controller.enqueue(new TextEncoder().encode("begun "));
      await new Promise((resolve) => setTimeout(resolve, 300));
      controller.enqueue(new TextEncoder().encode("done"));
      controller.close();
    },
  });
  return new Response(body, { headers: { "Content-Type": "text/plain" } });
}
