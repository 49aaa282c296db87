// A vendor's sealed bid in the page: drafts kept here, sealed here, sent sealed, answered at once with a receipt.

import { Announcer } from "./announce.js";
import { must } from "./hooks.js";
import { PageOfBid } from "./sealed_bid_page.js";

const root = must(document, "[data-sealed-bid]");
new PageOfBid(root, new Announcer(root)).begin();
