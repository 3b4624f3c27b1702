import { cookies } from "next/headers";

export async function GET() {
  const jar = await cookies();
  jar.set("a", "1", { httpOnly: true });
  return Response.json({ c: jar.get("c")?.value ?? null });
}
