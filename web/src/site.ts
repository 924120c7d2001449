/** What scripts add to every page: search as you type, passages at a click, a choice of dark or light. */

import { popovers } from "./notes";
import { reader } from "./reader";
import { suggest } from "./suggest";
import { theme } from "./theme";

theme();
suggest();
popovers();
reader();
