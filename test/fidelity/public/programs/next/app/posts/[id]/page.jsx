import { notFound } from "next/navigation";

export default async function Post({ params }) {
  const { id } = await params;
  if (id === "none") notFound();
  return <article>Post {id}</article>;
}
