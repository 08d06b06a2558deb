import { WifiOff } from "lucide-react";
import { useSyncExternalStore } from "react";
import { FormattedMessage } from "react-intl";

function subscribe(changed: () => void) {
  addEventListener("online", changed);
  addEventListener("offline", changed);
  return () => {
    removeEventListener("online", changed);
    removeEventListener("offline", changed);
  };
}

export function OfflineBanner() {
  const online = useSyncExternalStore(subscribe, () => navigator.onLine);
  return (
    <div className="offline" role="status">
      {!online && (
        <p className="banner">
          <WifiOff className="i s" aria-hidden="true" />
          <FormattedMessage id="offline.banner" />
        </p>
      )}
    </div>
  );
}
