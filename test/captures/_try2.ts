import { analyse } from '../support/analyse.ts'
for (let i=0;i<60;i++) await analyse(process.argv[2])
