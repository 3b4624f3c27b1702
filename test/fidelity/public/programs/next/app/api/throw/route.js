export const dynamic = "force-dynamic";

export function GET() {
  JSON.parse("{ not json");
}
