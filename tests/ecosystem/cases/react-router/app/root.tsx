// The page around everything.

import { Outlet, Scripts } from "react-router";

export default function Root() {
  return (
    <html lang="ko">
      <body>
        <Outlet />
        <Scripts />
      </body>
    </html>
  );
}
