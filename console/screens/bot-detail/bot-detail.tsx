import { Head } from '../../components/index.ts';

export function Screen() {
  return <Head title="bot" />;
}
