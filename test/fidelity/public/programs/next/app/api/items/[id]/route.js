export async function GET(_request, { params }) {
  const { id } = await params;
  return Response.json({ id: Number(id) }, { headers: { "X-Item": id } });
}

export async function POST(request) {
  try {
    return Response.json({ got: await request.json() }, { status: 201 });
  } catch (error) {
    return Response.json({ name: error.name, message: error.message }, { status: 400 });
  }
}
