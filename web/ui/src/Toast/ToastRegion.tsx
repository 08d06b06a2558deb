// The only file that uses React Aria's toasts, which are not yet stable. Only Toast.tsx imports it, when there is something to say.
import { X } from "lucide-react";
import {
  UNSTABLE_Toast as AriaToast,
  UNSTABLE_ToastContent as ToastContent,
  UNSTABLE_ToastQueue as ToastQueue,
  UNSTABLE_ToastRegion as AriaToastRegion,
} from "react-aria-components/Toast";
import { Text } from "react-aria-components/Text";
import { IconButton } from "../Button/Button.tsx";

const queue = new ToastQueue<string>({ maxVisibleToasts: 3 });
const shown = 6000; // milliseconds; a toast with focus or hover stays

export function add(text: string): void {
  queue.add(text, { timeout: shown });
}

export interface ToastRegionProps {
  label: string;
  closeLabel: string;
}

export function ToastRegion({ label, closeLabel }: ToastRegionProps) {
  return (
    <AriaToastRegion className="toasts" queue={queue} aria-label={label}>
      {({ toast: t }) => (
        <AriaToast className="toast" toast={t}>
          <ToastContent className="grow">
            <Text slot="title">{t.content}</Text>
          </ToastContent>
          <IconButton label={closeLabel} onPress={() => queue.close(t.key)}>
            <X className="i s" aria-hidden="true" />
          </IconButton>
        </AriaToast>
      )}
    </AriaToastRegion>
  );
}
